using Gateway.Audit.Evidence;
using Gateway.Audit.Reading;

namespace Gateway.Admin.Live;

/// <summary>
/// The place up to which each log was seen: the id of an event, with which a viewer can continue at any gateway.
/// </summary>
internal sealed class LivePlaces
{
    /// <summary>
    /// The maximum number of logs in an id: about 6 KB, which servers and proxies accept as a header.
    /// </summary>
    public const int LogsMax = 256;

    private const int KeyLengthMax = 256;
    private readonly Dictionary<string, LogPlace> _places = new(StringComparer.Ordinal);

    /// <summary>Parses an id; invalid parts are ignored.</summary>
    public static LivePlaces Of(string? id)
    {
        var places = new LivePlaces();
        foreach (var part in (id ?? "").Split(';', LogsMax + 1).Take(LogsMax))
        {
            // A line break would start another event.
            if (part.Split('/') is [{ Length: > 0 and <= KeyLengthMax } key, var place] && !key.Any(char.IsControl)
                && AuditReader.Place(place) is { } at)
            {
                places._places[key] = at;
            }
        }

        return places;
    }

    /// <summary>Returns null if nothing of the log was seen.</summary>
    public LogPlace? Find(string key) => _places.TryGetValue(key, out var place) ? place : null;

    public void Set(string key, LogPlace place)
    {
        if (_places.Count < LogsMax || _places.ContainsKey(key))
            _places[key] = place;
    }

    /// <summary>Removes one log.</summary>
    public LivePlaces Without(string key)
    {
        _places.Remove(key);
        return this;
    }

    /// <summary>Removes unknown logs if there are many.</summary>
    public void Keep(IReadOnlySet<string> known)
    {
        if (_places.Count <= LogsMax / 4)
            return;
        foreach (var key in _places.Keys.Where(key => !known.Contains(key)).ToList())
            _places.Remove(key);
    }

    /// <summary>
    /// Returns the id. It contains letters, digits and the characters of machine names, but no line breaks.
    /// </summary>
    public override string ToString() =>
        string.Join(';', _places.Select(static one => $"{one.Key}/{AuditReader.Cursor(one.Value)}"));
}
