using Gateway.Policy.Recording;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Audit.Arguments;

/// <summary>
/// Finds the recorded values of a few calls or requests for approval by their ids. It reads the newest files first, and
/// only the heads of frames that were not requested.
/// </summary>
/// <param name="directory">The directory of the files; it may be absent.</param>
/// <param name="protection">Decrypts the values.</param>
/// <param name="oldestMs">Values from before this instant have expired, even if they are still on disk.</param>
public sealed class ArgumentLookup(string directory, IDataProtectionProvider protection, long oldestMs)
{
    private const long BytesMax = 64L * 1024 * 1024;

    /// <summary>Returns the values that were found, by id; a page of records needs no others.</summary>
    /// <param name="ids">Ids of calls or of requests for approval.</param>
    /// <param name="sinceMs">An instant that no requested value is older than, in Unix milliseconds.</param>
    /// <param name="cancellation">Ends the search.</param>
    public IReadOnlyDictionary<string, RecordedArguments> Find(
        IEnumerable<string> ids, long sinceMs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var wanted = new Dictionary<UInt128, string>();
        foreach (var id in ids)
        {
            if (ArgumentFrame.TryParseId(id, out var bits))
                wanted[bits] = id;
        }

        var found = new Dictionary<string, RecordedArguments>(StringComparer.Ordinal);
        var opener = new ArgumentOpener(protection, oldestMs);
        var bytes = 0L;
        foreach (var (path, beganMs) in ArgumentFiles.In(directory).Reverse())
        {
            cancellation.ThrowIfCancellationRequested();
            if (found.Count == wanted.Count || bytes > BytesMax)
                break;
            bytes += Read(path, wanted, found, opener);
            if (beganMs < sinceMs)
                break;
        }

        return found;
    }

    private static long Read(
        string path, Dictionary<UInt128, string> wanted, Dictionary<string, RecordedArguments> found,
        ArgumentOpener opener)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024);
            Span<byte> head = stackalloc byte[ArgumentFrame.HeadBytes];
            while (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
            {
                var (length, id, timeMs) = ArgumentFrame.ReadHead(head);
                // An invalid frame ends the file: nothing marks where the next one begins.
                if (length is <= 0 or > ArgumentFrame.SealedBytesMax)
                    break;
                if (!wanted.TryGetValue(id, out var name))
                {
                    file.Seek(length, SeekOrigin.Current);
                    continue;
                }

                var sealedValues = new byte[length];
                if (file.ReadAtLeast(sealedValues, length, throwOnEndOfStream: false) < length)
                    break;
                if (opener.Open(name, timeMs, sealedValues) is { } values)
                    found[name] = values;
            }

            return file.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deleted since the directory was listed, or not readable by this process.
            return 0;
        }
    }
}
