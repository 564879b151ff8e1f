// SPDX-License-Identifier: GPL-2.0
/*
 * Names of guest addresses. See symbols.h.
 */
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols.h"

#define FAR	(1ULL << 20)	/* no function is longer: a name further away means nothing */

static int add(struct symbols *s, u64 addr, const char *name, size_t len)
{
	struct symbol *grown = s->sym;

	if (s->nr == s->room) {
		s->room = s->room ? s->room * 2 : 1024;
		grown = realloc(s->sym, s->room * sizeof(*grown));
		if (!grown)
			return error("out of memory");
		s->sym = grown;
	}
	s->sym[s->nr].addr = addr;
	s->sym[s->nr].name = strndup(name, len);
	if (!s->sym[s->nr].name)
		return error("out of memory");
	s->nr++;
	return 0;
}

/* RISC-V's $x and $d say what a range of bytes is; .L names are an assembler's own. */
static bool is_label(const char *name)
{
	return !*name || *name == '$' || !strncmp(name, ".L", 2);
}

static int by_addr(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* ---- ELF ---- */

static bool is_code(Elf *elf, const GElf_Sym *sym)
{
	Elf_Scn *scn = elf_getscn(elf, sym->st_shndx);
	GElf_Shdr sh;

	if (sym->st_shndx == SHN_UNDEF || sym->st_shndx >= SHN_LORESERVE || !scn ||
	    !gelf_getshdr(scn, &sh) || !(sh.sh_flags & SHF_EXECINSTR))
		return false;
	/* Functions in assembler are often without a type. */
	return GELF_ST_TYPE(sym->st_info) == STT_FUNC ||
	       GELF_ST_TYPE(sym->st_info) == STT_NOTYPE;
}

static int read_table(struct symbols *s, Elf *elf, Elf_Scn *scn, const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	const char *name;
	GElf_Sym sym;
	int i;

	for (i = 0; data && gelf_getsym(data, i, &sym); i++) {
		name = elf_strptr(elf, sh->sh_link, sym.st_name);
		if (name && !is_label(name) && is_code(elf, &sym) &&
		    add(s, sym.st_value, name, strlen(name)))
			return -1;
	}
	return 0;
}

static int read_elf(struct symbols *s, Elf *elf)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == SHT_SYMTAB &&
		    read_table(s, elf, scn, &sh))
			return -1;
	return 0;
}

/* ---- text ---- */

/* "ffffffff80000000 T _start", and behind it perhaps "\t[module]" */
static int read_line(struct symbols *s, const char *line)
{
	char *at;
	u64 addr = strtoull(line, &at, 16);

	if (at == line || at[0] != ' ' || !at[1] || at[2] != ' ' || !strchr("tTwW", at[1]))
		return 0;
	line = at + 3;
	if (is_label(line))
		return 0;
	return add(s, addr, line, strcspn(line, " \t\r\n"));
}

static int read_text(struct symbols *s, int fd)
{
	FILE *file = fdopen(dup(fd), "r");
	size_t room = 0;
	char *line = NULL;
	int ret = 0;

	if (!file)
		return error_errno("fdopen");
	while (!ret && getline(&line, &room, file) >= 0)
		ret = read_line(s, line);
	free(line);
	fclose(file);
	return ret;
}

/* ---- */

int symbols_read(struct symbols *s, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;
	Elf *elf;

	*s = (struct symbols) {};
	if (fd < 0)
		return error_errno("symbols %s", path);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	ret = elf && elf_kind(elf) == ELF_K_ELF ? read_elf(s, elf) : read_text(s, fd);
	if (elf)
		elf_end(elf);
	close(fd);
	if (!ret && !s->nr)
		ret = error("symbols %s: no function has a name there", path);
	if (ret) {
		symbols_free(s);
		return -1;
	}
	qsort(s->sym, s->nr, sizeof(*s->sym), by_addr);
	verbose("symbols %s: %zu functions", path, s->nr);
	return 0;
}

void symbols_free(struct symbols *s)
{
	while (s->nr)
		free(s->sym[--s->nr].name);
	free(s->sym);
	*s = (struct symbols) {};
}

const struct symbol *symbols_find(const struct symbols *s, u64 addr)
{
	size_t lo = 0, hi = s->nr, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (s->sym[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? &s->sym[lo - 1] : NULL;
}

void symbols_format(const struct symbols *s, u64 addr, char *buf, size_t len)
{
	const struct symbol *sym = symbols_find(s, addr);

	if (!sym || addr - sym->addr >= FAR)
		snprintf(buf, len, "0x%llx", (unsigned long long)addr);
	else if (addr == sym->addr)
		snprintf(buf, len, "%s", sym->name);
	else
		snprintf(buf, len, "%s+0x%llx", sym->name, (unsigned long long)(addr - sym->addr));
}
