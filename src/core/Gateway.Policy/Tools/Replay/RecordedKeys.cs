using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.Policy.Tools.Replay;

/// <summary>Parses the texts of recorded keys, and caches recent ones.</summary>
internal sealed class RecordedKeys
{
    private const int KeysMax = 65_536;

    private readonly Dictionary<string, CounterKey?> _keys = new(StringComparer.Ordinal);

    /// <summary>Returns the key; null if no key of this release has that text.</summary>
    public CounterKey? Of(string text)
    {
        if (_keys.TryGetValue(text, out var known))
            return known;
        if (_keys.Count >= KeysMax)
            _keys.Clear();
        CounterKeyReader.TryRead(text, out var key);
        return _keys[text] = key;
    }
}
