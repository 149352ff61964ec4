using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>The checkpoints beside a log whose signatures hold, and what is wrong with the others.</summary>
internal sealed class TrustedCheckpoints
{
    private readonly HashSet<string> _keys;
    private readonly bool _isPinned;

    private TrustedCheckpoints(IEnumerable<string> keys, bool isPinned) =>
        (_keys, _isPinned) = ([.. keys], isPinned);

    /// <summary>In the order in which they were written.</summary>
    public List<SignedCheckpoint> All { get; } = [];

    /// <summary>The last one that was read, trusted or not.</summary>
    public SignedCheckpoint? Last { get; private set; }

    /// <summary>Evidence that is none, or not signed.</summary>
    public List<VerifiedPart> Odd { get; } = [];

    /// <summary>True if retention may have dropped the oldest checkpoints, of chains that are gone.</summary>
    public bool LacksFirst { get; private set; }

    /// <summary>The keys that were trusted in the end.</summary>
    public IEnumerable<string> Keys => _keys;

    /// <param name="directory">Of the log.</param>
    /// <param name="keys">Keys that are trusted; none takes the first checkpoint's word for its own.</param>
    public static TrustedCheckpoints Read(string directory, IReadOnlyList<string> keys)
    {
        var read = EvidenceFolder.Read(directory).ToList();
        // Where nobody named a key, the first checkpoint's are taken: by themselves they prove who did not write.
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
                    $"evidence/{read[i].File}: a line is no checkpoint: cut off by a kill, or changed"));
            }
        }

        var trimmed = read.Where(static one => one.File == EvidenceFolder.Trimmed).Select(static one => one.Signed);
        trusted.LacksFirst = trimmed.Where(one => one is not null && trusted.All.Contains(one))
            .Select(static one => one!.Note).Distinct().Sum(static note => (long)note.Length)
            >= EvidenceFolder.KeptNotesLeast;
        return trusted;
    }

    /// <summary>
    /// Returns true if a trusted key signed the checkpoint. The keys that its signed text names are trusted from then
    /// on.
    /// </summary>
    private bool Holds(SignedCheckpoint signed)
    {
        var vouched = signed.Checkpoint!.Keys;
        var signers = CheckpointKeys.Signers(signed.Note, _keys.Concat(vouched).Concat(signed.Keys).Distinct());
        if (!signers.Any(_keys.Contains))
            return false;
        // Without a pinned key, whoever can write here could replace every signature anyway, and a release before the
        // keys were part of the text left a rotation that only its two signatures show.
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
                + "it was changed, or the key was replaced and the old key did not sign the new one (name a key that "
                + "you trust with another --key)"));
        }
    }
}
