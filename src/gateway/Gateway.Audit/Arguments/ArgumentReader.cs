using Gateway.Policy.Recording;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Audit.Arguments;

/// <summary>
/// Finds recorded values for records that are read in their order: it reads its own files once, a little ahead, and
/// keeps no more than a bound of what nobody asked for.
/// </summary>
public sealed class ArgumentReader : IDisposable
{
    private const long AheadMs = 10_000;
    private const long BehindMs = 60_000;
    private const long PendingBytesMax = 64L * 1024 * 1024;
    private readonly Queue<string> _files;
    private readonly ArgumentOpener _opener;
    private readonly Dictionary<UInt128, (long TimeMs, byte[] Sealed)> _pending = [];
    private readonly Queue<(UInt128 CallId, long TimeMs, int Bytes)> _order = new();
    private FileStream? _file;
    private long _pendingBytes;
    private long _readToMs = long.MinValue;

    /// <param name="directory">The directory of the files; it may be absent.</param>
    /// <param name="protection">What opens the values.</param>
    /// <param name="oldestMs">Values from before this instant are too old, though they may be there yet.</param>
    public ArgumentReader(string directory, IDataProtectionProvider protection, long oldestMs)
    {
        _files = new Queue<string>(ArgumentFiles.In(directory).Select(static file => file.Path));
        _opener = new ArgumentOpener(protection, oldestMs);
    }

    /// <inheritdoc cref="ArgumentOpener.Unopened"/>
    public long Unopened => _opener.Unopened;

    /// <summary>What was kept of the call; null for nothing.</summary>
    public RecordedArguments? Find(string? callId, long timeMs) =>
        FindSealed(callId, timeMs) is { } found ? _opener.Open(callId, timeMs, found) : null;

    /// <summary>The same as it lies there.</summary>
    public byte[]? FindSealed(string? callId, long timeMs)
    {
        Advance(timeMs);
        return ArgumentFrame.TryParseId(callId, out var id) && _pending.TryGetValue(id, out var found)
            && found.TimeMs == timeMs ? found.Sealed : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Advance(long timeMs)
    {
        while (_order.TryPeek(out var first)
            && (first.TimeMs < timeMs - BehindMs || _pendingBytes > PendingBytesMax))
        {
            _order.Dequeue();
            _pending.Remove(first.CallId);
            _pendingBytes -= first.Bytes;
        }

        while (_readToMs <= timeMs + AheadMs && _pendingBytes <= PendingBytesMax && TryRead())
        {
        }
    }

    private bool TryRead()
    {
        try
        {
            while (true)
            {
                if (_file is null)
                {
                    if (!_files.TryDequeue(out var path))
                        return false;
                    _file = new FileStream(
                        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024);
                }

                if (TryReadFrame(_file))
                    return true;
                _file.Dispose();
                _file = null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deleted meanwhile, or not ours to read.
            _file?.Dispose();
            _file = null;
            return _files.Count > 0;
        }
    }

    private bool TryReadFrame(FileStream file)
    {
        Span<byte> head = stackalloc byte[ArgumentFrame.HeadBytes];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            return false;
        var (length, callId, timeMs) = ArgumentFrame.ReadHead(head);
        // What is no frame ends the file: nothing says where the next one begins.
        if (length is <= 0 or > ArgumentFrame.SealedBytesMax)
            return false;
        var sealedValues = new byte[length];
        if (file.ReadAtLeast(sealedValues, length, throwOnEndOfStream: false) < length)
            return false;
        _readToMs = Math.Max(_readToMs, timeMs);
        _pending[callId] = (timeMs, sealedValues);
        _order.Enqueue((callId, timeMs, length));
        _pendingBytes += length;
        return true;
    }
}
