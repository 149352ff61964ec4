using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>The checkpoints beside a log whose signatures hold, and the problems of the others.</summary>
internal sealed class TrustedCheckpoints
{
    private readonly HashSet<string> _keys;
    private readonly bool _isPinned;

    private TrustedCheckpoints(IEnumerable<string> keys, bool isPinned) =>
        (_keys, _isPinned) = ([.. keys], isPinned);

    /// <summary>The trusted checkpoints in the order of writing.</summary>
    public List<SignedCheckpoint> All { get; } = [];

    /// <summary>The last checkpoint that was read, trusted or not.</summary>
    public SignedCheckpoint? Last { get; private set; }

    /// <summary>Evidence that is not a checkpoint or not signed by a trusted key.</summary>
    public List<VerifiedPart> Odd { get; } = [];

    /// <summary>True if retention may have dropped the oldest checkpoints, those of deleted chains.</summary>
    public bool LacksFirst { get; private set; }

    /// <summary>The keys that are trusted at the end of reading.</summary>
    public IEnumerable<string> Keys => _keys;

    /// <param name="directory">Directory of the log.</param>
    /// <param name="keys">Trusted keys; if there are none, the first checkpoint's keys are trusted.</param>
    public static TrustedCheckpoints Read(string directory, IReadOnlyList<string> keys)
    {
        var read = EvidenceFolder.Read(directory).ToList();
        // If no key was named, the first checkpoint's keys are used. By themselves they prove only who did not write
        // the log.
        var trusted = new TrustedCheckpoints(
            keys.Count > 0 ? keys : read.Select(static one => one.Signed).OfType<SignedCheckpoint>()
                .FirstOrDefault()?.Keys ?? [],
            keys.Count > 0);
        trusted.Last = read.LastOrDefault(static one => one.Signed is not null).Signed;
        for (var i = 0; i < read.Count; i++)
        {
            if (read[i].Signed is { } signed)
                trusted.Take(read[i].File, signed);
            else
            {
                trusted.Odd.Add(new VerifiedPart("unproved", default, default, null,
                    $"evidence/{read[i].File}: a line is not a checkpoint: it was cut off when the gateway was killed, "
                        + "or changed"));
            }
        }

        var trimmed = read.Where(static one => one.File == EvidenceFolder.Trimmed).Select(static one => one.Signed);
        trusted.LacksFirst = trimmed.Where(one => one is not null && trusted.All.Contains(one))
            .Select(static one => one!.Note).Distinct().Sum(static note => (long)note.Length)
            >= EvidenceFolder.KeptNotesLeast;
        return trusted;
    }

    /// <summary>
    /// Returns true if a trusted key signed the checkpoint. The keys in its signed text are trusted from then on.
    /// </summary>
    private bool Holds(SignedCheckpoint signed)
    {
        var vouched = signed.Checkpoint!.Keys;
        var signers = CheckpointKeys.Signers(signed.Note, _keys.Concat(vouched).Concat(signed.Keys).Distinct());
        if (!signers.Any(_keys.Contains))
            return false;
        // Without a pinned key, anyone with write access here could replace every signature anyway, and a release that
        // did not include the keys in the text left rotations that only its two signatures show.
        _keys.UnionWith(_isPinned ? signers.Where(vouched.Contains) : signers);
        return true;
    }

    private void Take(string file, SignedCheckpoint signed)
    {
        var checkpoint = signed.Checkpoint!;
        if (Holds(signed))
            All.Add(signed);
        else
        {
            Odd.Add(new VerifiedPart("broken", checkpoint.From, checkpoint.To, null,
                $"evidence/{file}: the checkpoint over {checkpoint.Head.Size} records is not signed by a trusted key: "
                + "it was changed, or the key was replaced and the old key did not sign the new one (use another "
                + "--key to name a key that you trust)"));
        }
    }
}
