using Gateway.Policy.Recording;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Gateway.Audit.Arguments;

/// <summary>
/// Evaluates a filter on the recorded arguments of the records of one search. It remembers where the newest values are;
/// values are decrypted only for records that match otherwise.
/// </summary>
public sealed class ArgumentMatches
{
    /// <summary>Maximum number of calls and requests whose values a search can find.</summary>
    public const int ValuesMax = 250_000;

    private readonly ArgumentFilter _filter;
    private readonly ArgumentOpener _opener;
    private readonly IReadOnlyList<(string Path, long BeganMs)> _files;
    private readonly Dictionary<UInt128, (int File, long Place, long TimeMs)> _places = [];

    /// <param name="filter">The filter.</param>
    /// <param name="directory">The directory of the files; it may be absent.</param>
    /// <param name="protection">Decrypts the values.</param>
    /// <param name="oldestMs">Values from before this instant have expired, even if they are still on disk.</param>
    /// <param name="cancellation">Ends the reading of the files.</param>
    public ArgumentMatches(
        ArgumentFilter filter, string directory, IDataProtectionProvider protection, long oldestMs,
        CancellationToken cancellation)
    {
        (_filter, _opener) = (filter, new ArgumentOpener(protection, oldestMs));
        Reached = DateTimeOffset.FromUnixTimeMilliseconds(oldestMs);
        _files = ArgumentFiles.In(directory);
        for (var file = _files.Count - 1; file >= 0; file--)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!TryAdd(file, oldestMs))
                return;
        }
    }

    /// <summary>The query parameter with the conditions, and its description.</summary>
    public static (string Name, string Meaning) Parameter { get; } = ("where",
        "Only records of calls and requests for approval whose recorded arguments meet this condition, such as "
        + $"\"args.amount gt 100\". Operators: {string.Join(", ", ArgumentFilter.OperatorNames)}. Repeat it for "
        + $"further conditions, at most {ArgumentFilter.ConditionsMax}, which must all hold.");

    /// <summary>
    /// Parses the conditions; returns null if there are none, or if one is invalid, with the reason and its place in
    /// <paramref name="problem"/>.
    /// </summary>
    public static ArgumentFilter? Read(IQueryCollection query, ref string problem)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<string> texts = [.. query[Parameter.Name].OfType<string>().Where(static text => text.Length > 0)];
        if (texts.Count == 0)
            return null;
        var filter = ArgumentFilter.Read(texts, out var wrong);
        if (filter is null)
        {
            var place = $"condition {wrong.Index + 1}, character {wrong.Column}";
            problem = $"\"{Parameter.Name}\", {place}: {wrong.Message}.";
        }

        return filter;
    }

    /// <summary>The time back to which values can be found.</summary>
    public DateTimeOffset Reached { get; private set; }

    /// <summary>
    /// Returns true if values are recorded for the call or the request for approval, and match the filter.
    /// </summary>
    public bool Has(string? callId, string? approvalId) => Matches(callId) || Matches(approvalId);

    private bool Matches(string? id) =>
        ArgumentFrame.TryParseId(id, out var bits) && _places.TryGetValue(bits, out var at)
        && ArgumentFrames.At(_files[at.File].Path, at.Place, bits) is { } values
        && _opener.Open(id, at.TimeMs, values) is { } arguments && _filter.Matches(arguments);

    /// <summary>Remembers the places of a file's values; returns false if there are too many.</summary>
    private bool TryAdd(int file, long oldestMs)
    {
        var found = new List<(UInt128 Id, long Place, long TimeMs)>();
        ArgumentFrames.Read(
            _files[file].Path,
            (id, timeMs, place) =>
            {
                if (timeMs >= oldestMs)
                    found.Add((id, place, timeMs));
                return false;
            },
            static (_, _, _) => { });
        for (var at = found.Count - 1; at >= 0; at--)
        {
            if (_places.Count == ValuesMax)
            {
                Reached = DateTimeOffset.FromUnixTimeMilliseconds(found[at].TimeMs);
                return false;
            }

            _places.TryAdd(found[at].Id, (file, found[at].Place, found[at].TimeMs));
        }

        return true;
    }
}
