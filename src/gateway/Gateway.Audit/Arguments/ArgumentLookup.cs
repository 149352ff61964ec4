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
            bytes += ArgumentFrames.Read(path, (id, _, _) => wanted.ContainsKey(id), (id, timeMs, sealedValues) =>
            {
                if (opener.Open(wanted[id], timeMs, sealedValues) is { } values)
                    found[wanted[id]] = values;
            });
            if (beganMs < sinceMs)
                break;
        }

        return found;
    }
}
