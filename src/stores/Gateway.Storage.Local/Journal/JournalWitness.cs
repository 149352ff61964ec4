namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Stores a lower bound of the journal's length on disk: a journal that was cut at the end of a frame looks intact, and
/// only this file shows that counts are missing. It is rewritten and synced in every second in which the journal grew,
/// when another file replaces the journal, and at the end. The stored length is never greater than the true one.
/// </summary>
internal sealed class JournalWitness(IJournalDisk disk, string bootId)
{
    public const string Name = "journal.length";
    public const string NewName = "journal.length.new";

    /// <summary>
    /// Length of the bytes that identify a journal: its head, and the first frame's head with its checksum.
    /// </summary>
    private const int FileBytes = JournalFormat.FileHeadLength + JournalFormat.FrameHeadLength;

    private readonly Lock _gate = new();
    private JournalLength? _said;
    private string _file = "";
    private bool _isHeld = true;
    private long _written;
    private long _synced;

    /// <summary>Description of a finding that a loss of power may explain; null if there is none.</summary>
    public string? Notice { get; private set; }

    /// <summary>Notes how many bytes of the journal are written.</summary>
    public void Wrote(long length) => Volatile.Write(ref _written, length);

    /// <summary>Notes how many bytes of the journal are synced.</summary>
    public void Synced(long length) => Volatile.Write(ref _synced, length);

    /// <summary>Compares the journal with the stored length.</summary>
    /// <param name="journal">The file; null if there is none.</param>
    /// <param name="whole">Number of bytes up to the end of its last good frame.</param>
    /// <exception cref="JournalException">The journal lost bytes, and only damage explains that.</exception>
    public void Check(IJournalFile? journal, long whole)
    {
        if (Missing(journal, whole, out var isExplained) is not { } missing)
            return;
        if (!isExplained)
            throw new JournalException(
                $"{JournalFile.Name} {missing}, so counts are lost. Restore it from the same backup as the other "
                + "data, or start once with --repair: calls in windows that have begun are then refused until these "
                + "end.");
        Notice = $"The journal {missing}. The machine has rebooted since then; with --durability process, a loss of "
            + "power can cause that. Calls that count in current windows of less than an hour are refused until these "
            + "windows end.";
    }

    /// <summary>Returns a description of what the journal lacks; null if nothing.</summary>
    /// <param name="journal">The file; null if there is none.</param>
    /// <param name="whole">Number of bytes up to the end of its last good frame.</param>
    /// <param name="isExplained">True if a loss of power may have caused that.</param>
    public string? Missing(IJournalFile? journal, long whole, out bool isExplained)
    {
        isExplained = false;
        using var file = disk.Open(Name);
        if (file is null)
            return null;
        if (JournalLength.TryRead(file) is not { } said)
            return $"cannot be compared with {Name}, which is damaged";
        if (journal is not null && journal.Length >= FileBytes && said.File.Length > 0
            && said.File != Identify(journal))
        {
            // A version that does not know this file has rewritten the journal.
            Notice = $"The journal is not the one that {Name} describes; the comparison starts again.";
            return null;
        }

        var isSameBoot = said.BootId.Length > 0 && said.BootId == bootId;
        var least = isSameBoot ? said.Written : said.Synced;
        isExplained = whole >= least;
        return whole >= said.Written ? null
            : journal is null ? $"is gone; it had {said.Written} bytes"
            : $"has {whole} intact bytes but had at least {said.Written}";
    }

    /// <summary>
    /// Prepares for another file to replace the journal: from now on only a length that both files have is stored.
    /// </summary>
    /// <exception cref="IOException">The length cannot be written; the journal must not be replaced.</exception>
    public void Hold(long newLength)
    {
        lock (_gate)
        {
            _isHeld = true;
            using (var file = disk.Open(Name))
            {
                if (file is null)
                    return;
                if (JournalLength.TryRead(file) is { } said)
                    newLength = Math.Min(newLength, said.Written);
            }

            Write(new JournalLength(bootId, "", newLength, newLength));
        }
    }

    /// <summary>Continues with the file that has replaced the journal and is synced.</summary>
    public void GoOn(IJournalFile journal)
    {
        lock (_gate)
        {
            _file = Identify(journal);
            Volatile.Write(ref _written, journal.Length);
            Volatile.Write(ref _synced, journal.Length);
            _isHeld = false;
        }

        Say();
    }

    /// <summary>Stores the current length if it differs from the stored one.</summary>
    public void Say()
    {
        lock (_gate)
        {
            var now = new JournalLength(bootId, _file, Volatile.Read(ref _written), Volatile.Read(ref _synced));
            if (_isHeld || now == _said)
                return;
            try
            {
                Write(now);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The stored length is a lower bound, so it stays true.
            }
        }
    }

    private void Write(JournalLength length)
    {
        using (var file = disk.Create(NewName))
        {
            file.Append(length.ToBytes());
            file.Sync();
        }

        disk.Rename(NewName, Name);
        disk.SyncFolder();
        _said = length;
    }

    private static string Identify(IJournalFile journal)
    {
        Span<byte> start = stackalloc byte[FileBytes];
        return Convert.ToHexStringLower(start[..journal.Read(0, start)]);
    }
}
