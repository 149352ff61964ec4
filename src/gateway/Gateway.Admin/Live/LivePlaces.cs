using Gateway.Audit.Evidence;
using Gateway.Audit.Reading;

namespace Gateway.Admin.Live;

/// <summary>How far each log was seen: the id of an event, with which a reader goes on at any gateway.</summary>
internal sealed class LivePlaces
{
    /// <summary>Logs of one id: some 6 KB, which servers and proxies take as a header.</summary>
    public const int LogsMax = 256;

    private const int KeyLengthMax = 256;
    private readonly Dictionary<string, LogPlace> _places = new(StringComparer.Ordinal);

    /// <summary>Those of an id; what is no place of a log is left out.</summary>
    public static LivePlaces Of(string? id)
    {
        var places = new LivePlaces();
        foreach (var part in (id ?? "").Split(';', LogsMax + 1).Take(LogsMax))
        {
            // A line's end would begin another event.
            if (part.Split('/') is [{ Length: > 0 and <= KeyLengthMax } key, var place] && !key.Any(char.IsControl)
                && AuditReader.Place(place) is { } at)
            {
                places._places[key] = at;
            }
        }

        return places;
    }

    /// <summary>Null where nothing of the log was seen.</summary>
    public LogPlace? Find(string key) => _places.TryGetValue(key, out var place) ? place : null;

    public void Set(string key, LogPlace place)
    {
        if (_places.Count < LogsMax || _places.ContainsKey(key))
            _places[key] = place;
    }

    /// <summary>These, but one.</summary>
    public LivePlaces Without(string key)
    {
        _places.Remove(key);
        return this;
    }

    /// <summary>Where there are many, forgets those that nobody knows any more.</summary>
    public void Keep(IReadOnlySet<string> known)
    {
        if (_places.Count <= LogsMax / 4)
            return;
        foreach (var key in _places.Keys.Where(key => !known.Contains(key)).ToList())
            _places.Remove(key);
    }

    /// <summary>The id. It holds letters, digits and what a machine's name has, and no line's end.</summary>
    public override string ToString() =>
        string.Join(';', _places.Select(static one => $"{one.Key}/{AuditReader.Cursor(one.Value)}"));
}
