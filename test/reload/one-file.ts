/** Ways of changing one file. */
import type { Edit } from './edit.ts'

const truncated = ['0', '0.005', '0.03', '0.2', '1.5'].map((pause): Edit => ({ name: `truncated, written ${pause} s later`, edit: `: > menu.yaml; sleep ${pause}; cat "$NEW" > menu.yaml` }))
const numbered = (text: string): string => text.replace('start:', 'numbers: ["+46846500499"]\nstart:')

/** Saves one after the other, each torn in two at some place, with some pause before and after the second half. */
const TORN = 40
const torn: Edit = {
  name: `${TORN} torn saves with random pauses`,
  edit: `for i in $(seq ${TORN}); do
    sed "1s/ base/ b$i/" "$BASE" > "$OUT/t"; c=$((RANDOM % ($(wc -c < "$OUT/t") - 220)))
    head -c $c "$OUT/t" > menu.yaml; sleep 0.$((RANDOM % 2))$((RANDOM % 10)); tail -c +$((c + 1)) "$OUT/t" >> menu.yaml; sleep 0.$((RANDOM % 2))$((RANDOM % 10))
  done; cat "$NEW" > menu.yaml`,
  between: ({ base }) => Array.from({ length: TORN }, (_, index) => ({ menu: base.replace(' base', ` b${index + 1}`) })), swaps: [1, TORN + 1],
}

export const ONE_FILE: readonly Edit[] = [
  ...truncated, torn,
  { name: 'two halves, cut at a line end', edit: 'head -n 5 "$NEW" > menu.yaml; sleep $P; tail -n +6 "$NEW" >> menu.yaml' },
  { name: 'two halves, cut inside a line', edit: 'head -c 150 "$NEW" > menu.yaml; sleep $P; tail -c +151 "$NEW" >> menu.yaml' },
  { name: 'two halves, cut inside a letter', edit: 'c=$(($(head -n 1 "$NEW" | wc -c) - 2)); head -c $c "$NEW" > menu.yaml; sleep $P; tail -c +$((c + 1)) "$NEW" >> menu.yaml' },
  { name: 'cut off where nothing is missed, then written', edit: 'head -n -1 "$BASE" > menu.yaml; sleep $P; cat "$NEW" > menu.yaml' },
  { name: 'the old text cut off, and appended to', edit: 'head -n -2 "$BASE" > menu.yaml; sleep $P; tail -n 2 "$BASE" >> menu.yaml; echo "# $(head -n 1 "$NEW")" >> menu.yaml', ends: ({ base, fresh }) => ({ menu: `${base}# ${fresh.split('\n')[0]}\n` }), between: ({ base }) => [{ menu: base }], swaps: [1, 1] },
  { name: 'append', edit: 'echo "# $(head -n 1 "$NEW")" >> menu.yaml', ends: ({ base, fresh }) => ({ menu: `${base}# ${fresh.split('\n')[0]}\n` }) },
  { name: 'temporary file and rename', edit: 'cp "$NEW" menu.yaml.tmp; mv menu.yaml.tmp menu.yaml' },
  { name: 'mv from another file system', edit: 'd=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d); cp "$NEW" "$d/x"; mv "$d/x" menu.yaml; rmdir "$d"' },
  { name: 'vim, in place, with a swap file', needs: 'vim', edit: 'vim -u NONE -es -c "set backupcopy=yes writebackup swapfile" -c "%d" -c "0r $NEW" -c "wq" menu.yaml' },
  { name: 'vim, by rename, with backup', needs: 'vim', edit: 'vim -u NONE -es -c "set backupcopy=no writebackup swapfile" -c "%d" -c "0r $NEW" -c "wq" menu.yaml' },
  { name: 'emacs: lock, backup, write', edit: 'ln -s me@here.1:2 ".#menu.yaml"; mv menu.yaml menu.yaml~; cat "$NEW" > menu.yaml; sleep 0.01; rm ".#menu.yaml" menu.yaml~' },
  { name: 'JetBrains: safe write', edit: 'cat "$NEW" > menu.yaml___jb_tmp___; mv menu.yaml menu.yaml___jb_old___; mv menu.yaml___jb_tmp___ menu.yaml; rm menu.yaml___jb_old___' },
  { name: 'gedit: safe write', edit: 'cat "$NEW" > .goutputstream-ABC123; ln menu.yaml menu.yaml~; mv .goutputstream-ABC123 menu.yaml; rm menu.yaml~' },
  { name: 'sed -i', edit: 'sed -i "s/^title: .*/$(head -n 1 "$NEW")/" menu.yaml' },
  { name: 'rsync', needs: 'rsync', edit: 'rsync -I "$NEW" menu.yaml' },
  { name: 'rsync --inplace', needs: 'rsync', edit: 'rsync -I --inplace --no-whole-file "$NEW" menu.yaml' },
  { name: 'same size and time, in place', edit: 'touch -r menu.yaml "$OUT/ref"; cat "$NEW" > menu.yaml; touch -r "$OUT/ref" menu.yaml' },
  { name: 'same size and time, by rename', edit: 'cp "$NEW" "$OUT/x"; touch -r menu.yaml "$OUT/x"; mv "$OUT/x" menu.yaml' },
  { name: 'touch', edit: 'touch menu.yaml', ends: 'same' },
  { name: 'chmod', edit: 'chmod 600 menu.yaml; sleep $P; chmod 644 menu.yaml', ends: 'same' },
  { name: 'the same content again', edit: 'cat "$BASE" > menu.yaml; sleep $P; cp "$BASE" "$OUT/x"; mv "$OUT/x" menu.yaml', ends: 'same' },
  { name: 'new content, then the earlier one', edit: 'cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml; sleep 0.5; cat "$BASE" > menu.yaml', ends: ({ base }) => ({ menu: base }), between: ({ fresh }) => [{ menu: fresh }], swaps: [0, 2] },
  { name: 'a writer killed half-way', edit: 'bash -c \'head -c 170 "$NEW" > menu.yaml; kill -9 $$; cat "$NEW" > menu.yaml\' || true', ends: 'same', told: 'unknown-target|yaml-syntax|unquoted-value' },
  { name: 'unreadable, then readable', edit: 'chmod 000 menu.yaml; if [ -r menu.yaml ]; then rm menu.yaml; ln -s menu.yaml menu.yaml; fi; sleep 0.5; rm -f menu.yaml; cp "$NEW" menu.yaml' },
  { name: 'replaced by a folder, then mended', edit: 'rm menu.yaml; mkdir menu.yaml; sleep 0.5; rmdir menu.yaml; cp "$NEW" menu.yaml' },
  { name: 'replaced by a FIFO, then mended', edit: 'rm menu.yaml; mkfifo menu.yaml; sleep 0.5; rm menu.yaml; cp "$NEW" menu.yaml' },
  { name: 'a hard link, edited elsewhere', edit: 'ln menu.yaml "$OUT/linked"; cat "$NEW" > "$OUT/linked"; rm "$OUT/linked"' },
  { name: 'a hard link, replaced elsewhere', edit: 'ln menu.yaml "$OUT/linked"; cp "$NEW" "$OUT/x"; mv "$OUT/x" "$OUT/linked"; rm "$OUT/linked"', ends: 'same' },
  { name: 'empty', edit: ': > menu.yaml', ends: 'same', told: 'empty-file' },
  { name: 'a byte order mark', edit: '{ printf "\\xef\\xbb\\xbf"; cat "$NEW"; } > "$OUT/x"; mv "$OUT/x" menu.yaml' },
  { name: 'CRLF', edit: 'sed "s/$/\\r/" "$NEW" > "$OUT/x"; mv "$OUT/x" menu.yaml', ends: ({ fresh }) => ({ menu: fresh.replaceAll('\n', '\r\n') }) },
  { name: 'conflict markers', edit: '{ echo "<<<<<<< HEAD"; cat "$BASE"; echo =======; cat "$NEW"; echo ">>>>>>> x"; } > "$OUT/x"; mv "$OUT/x" menu.yaml', ends: 'same', told: 'merge-conflict' },
  { name: 'deleted', edit: 'rm menu.yaml', ends: () => ({ menu: undefined }) },
  { name: 'deleted while it answers a line', base: numbered, edit: 'rm menu.yaml', ends: 'same', told: 'line-unanswered', further: 'cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml' },
  { name: 'deleted, and its line listed by another', base: numbered, edit: 'rm menu.yaml; cp "$BASE" other.yaml', ends: ({ base }) => ({ menu: undefined, other: base }), further: 'cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml; cp "$NEW" other.yaml' },
  { name: 'deleted, made again after 10 ms', edit: 'rm menu.yaml; sleep 0.01; cat "$NEW" > menu.yaml' },
  { name: 'deleted, made again after 300 ms', edit: 'rm menu.yaml; sleep 0.3; cat "$NEW" > menu.yaml' },
  { name: 'deleted, made again after 3 s', edit: 'rm menu.yaml; sleep 3; cat "$NEW" > menu.yaml', between: () => [{ menu: undefined }], swaps: [1, 2] },
  { name: 'renamed', edit: 'mv menu.yaml renamed.yaml', ends: ({ base }) => ({ menu: undefined, renamed: base }), further: 'cp "$NEW" "$OUT/x"; mv "$OUT/x" menu.yaml; rm renamed.yaml' },
]
