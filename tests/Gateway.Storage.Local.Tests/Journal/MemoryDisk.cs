namespace Gateway.Storage.Local.Tests.Journal;

/// <summary>
/// A disk in memory that can end at any byte: what was synced stays; of the rest, what the test says. It also fills up
/// and refuses to sync.
/// </summary>
internal sealed class MemoryDisk : IJournalDisk
{
    /// <summary>A file may be synced while another is written.</summary>
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Content> _files = [];
    private Dictionary<string, Content> _durableNames = [];

    /// <summary>
    /// Bytes that may still be written before the disk is full; a write that does not fit is cut short.
    /// </summary>
    public long RoomBytes { get; set; } = long.MaxValue;

    /// <summary>Steps (bytes written, syncs, renames) that may still be taken before the machine ends.</summary>
    public long StepsLeft { get; set; } = long.MaxValue;

    /// <summary>Whether syncing fails.</summary>
    public bool FailsToSync { get; set; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Everything that was ever written to a file, for tests that damage it.</summary>
    public List<byte> this[string name] => _files[name].Bytes;

    /// <summary>The disk after <c>kill -9</c>: the kernel has every byte and every name.</summary>
    public MemoryDisk AfterKill()
    {
        var after = new MemoryDisk();
        foreach (var (name, content) in _files)
            after._files[name] = new Content([.. content.Bytes], content.Bytes.Count);
        after._durableNames = new Dictionary<string, Content>(after._files);
        return after;
    }

    /// <summary>The disk after somebody took a file away.</summary>
    public MemoryDisk Without(string name)
    {
        var after = AfterKill();
        after._files.Remove(name);
        after._durableNames.Remove(name);
        return after;
    }

    /// <summary>Whether a file has these bytes in it.</summary>
    public bool Said(string name, byte[] bytes)
    {
        lock (_lock)
            return _files.TryGetValue(name, out var content) && content.Bytes.ToArray().AsSpan().IndexOf(bytes) >= 0;
    }

    /// <summary>Puts a file in place of one with that name.</summary>
    public void Put(string name, List<byte> bytes) => _files[name] = new Content([.. bytes], bytes.Count);

    /// <summary>The disk after a power loss: synced names with synced bytes, and a part of what came after.</summary>
    public MemoryDisk AfterPowerLoss(int unsyncedKept = 0)
    {
        var after = new MemoryDisk();
        foreach (var (name, content) in _durableNames)
        {
            var kept = Math.Min(content.Bytes.Count, content.SyncedLength + unsyncedKept);
            after._files[name] = new Content([.. content.Bytes.Take(kept)], kept);
        }

        after._durableNames = new Dictionary<string, Content>(after._files);
        return after;
    }

    public IJournalFile? Open(string name) =>
        _files.TryGetValue(name, out var content) ? new File(this, content) : null;

    public IJournalFile Create(string name)
    {
        lock (_lock)
        {
            Step();
            return new File(this, _files[name] = new Content([], 0));
        }
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            Step();
            _files.Remove(from, out var content);
            _files[to] = content!;
        }
    }

    public void SyncFolder()
    {
        lock (_lock)
        {
            Step();
            _durableNames = new Dictionary<string, Content>(_files);
        }
    }

    private void Step()
    {
        if (StepsLeft <= 0) throw new IOException("the machine has ended");
        StepsLeft--;
        Steps++;
    }

    private sealed class Content(List<byte> bytes, int syncedLength)
    {
        public List<byte> Bytes => bytes;

        public int SyncedLength { get; set; } = syncedLength;
    }

    private sealed class File(MemoryDisk disk, Content content) : IJournalFile
    {
        public long Length => content.Bytes.Count;

        public int Read(long offset, Span<byte> buffer)
        {
            var length = (int)Math.Clamp(Length - offset, 0, buffer.Length);
            content.Bytes.Slice((int)Math.Min(offset, Length), length).ToArray().CopyTo(buffer);
            return length;
        }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            lock (disk._lock)
            {
                foreach (var one in bytes)
                {
                    disk.Step();
                    if (disk.RoomBytes <= 0) throw new IOException("No space left on device");
                    disk.RoomBytes--;
                    content.Bytes.Add(one);
                }
            }
        }

        public void Sync()
        {
            lock (disk._lock)
            {
                disk.Step();
                if (disk.FailsToSync) throw new IOException("Input/output error");
                content.SyncedLength = content.Bytes.Count;
            }
        }

        public void Dispose()
        {
        }
    }
}
