using Gateway.Policy.Recording;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Audit.Arguments;

/// <summary>
/// Finds recorded values for records that are read in order. It reads its own files once, slightly ahead of the
/// records, and keeps a bounded amount of values that were not requested.
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
    /// <param name="protection">Decrypts the values.</param>
    /// <param name="oldestMs">Values from before this instant have expired, even if they are still on disk.</param>
    public ArgumentReader(string directory, IDataProtectionProvider protection, long oldestMs)
    {
        _files = new Queue<string>(ArgumentFiles.In(directory).Select(static file => file.Path));
        _opener = new ArgumentOpener(protection, oldestMs);
    }

    /// <inheritdoc cref="ArgumentOpener.Unopened"/>
    public long Unopened => _opener.Unopened;

    /// <summary>Returns the recorded values of a call, or null if there are none.</summary>
    public RecordedArguments? Find(string? callId, long timeMs) =>
        FindSealed(callId, timeMs) is { } found ? _opener.Open(callId, timeMs, found) : null;

    /// <summary>Returns the recorded values of a call as they were recorded, or null if there are none.</summary>
    internal ReadOnlyMemory<byte>? FindValues(string? callId, long timeMs) =>
        FindSealed(callId, timeMs) is { } found ? _opener.OpenValues(callId, timeMs, found) : null;

    /// <summary>Returns the recorded values of a call in encrypted form, or null if there are none.</summary>
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
            // Deleted since the directory was listed, or not readable by this process.
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
        // An invalid frame ends the file: nothing marks where the next one begins.
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
