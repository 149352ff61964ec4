namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Keeps on disk how long the journal was at least: a journal that was cut at the end of a frame looks whole, and only
/// this tells that counts are gone. Written anew and synced each second in which the journal grew, when another file
/// takes its place, and at the end. It only ever says less than there is.
/// </summary>
internal sealed class JournalWitness(IJournalDisk disk, string bootId)
{
    public const string Name = "journal.length";
    public const string NewName = "journal.length.new";

    /// <summary>What tells a journal from another: its head, and the first frame's with its sum.</summary>
    private const int FileBytes = JournalFormat.FileHeadLength + JournalFormat.FrameHeadLength;

    private readonly Lock _gate = new();
    private JournalLength? _said;
    private string _file = "";
    private bool _isHeld = true;
    private long _written;
    private long _synced;

    /// <summary>What was found that a loss of power may explain; null if nothing.</summary>
    public string? Notice { get; private set; }

    /// <summary>So many bytes of the journal are written.</summary>
    public void Wrote(long length) => Volatile.Write(ref _written, length);

    /// <summary>So many bytes of the journal are synced.</summary>
    public void Synced(long length) => Volatile.Write(ref _synced, length);

    /// <summary>Compares the journal with what was said of it.</summary>
    /// <param name="journal">The file; null if there is none.</param>
    /// <param name="whole">Bytes up to the end of its last good frame.</param>
    /// <exception cref="JournalException">It lost bytes that nothing but damage explains.</exception>
    public void Check(IJournalFile? journal, long whole)
    {
        if (Missing(journal, whole, out var isExplained) is not { } missing)
            return;
        if (!isExplained)
            throw new JournalException(
                $"{JournalFile.Name} {missing}, so counts are lost. Restore it from the same moment as the rest, or "
                + "run once with --repair: windows that began before are then refused to their end.");
        Notice = $"The journal {missing}. The machine was started anew since, and a loss of power may take that with "
            + "--durability process: windows under an hour that had begun are refused to their end.";
    }

    /// <summary>What the journal lacks; null if nothing.</summary>
    /// <param name="journal">The file; null if there is none.</param>
    /// <param name="whole">Bytes up to the end of its last good frame.</param>
    /// <param name="isExplained">True if a loss of power may have taken that.</param>
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
            // A version that knows no such file has written the journal anew.
            Notice = $"The journal is another than {Name} tells of; it begins to be compared anew.";
            return null;
        }

        var isSameBoot = said.BootId.Length > 0 && said.BootId == bootId;
        var least = isSameBoot ? said.Written : said.Synced;
        isExplained = whole >= least;
        return whole >= said.Written ? null
            : journal is null ? $"is gone; it had {said.Written} bytes"
            : $"has {whole} sound bytes and had at least {said.Written}";
    }

    /// <summary>
    /// Before another file takes the journal's place: from now on nothing is said but what is true of both.
    /// </summary>
    /// <exception cref="IOException">It cannot be written; the journal must stay what it is.</exception>
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

    /// <summary>Goes on with the file that has taken the place, which is synced.</summary>
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

    /// <summary>Writes what is true now, if it is not what is written.</summary>
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
                // What is written says less than there is, and stays true.
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
