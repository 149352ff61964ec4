using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.Policy.Tools.Replay;

/// <summary>Reads the texts of recorded keys, of late ones only once.</summary>
internal sealed class RecordedKeys
{
    private const int KeysMax = 65_536;

    private readonly Dictionary<string, CounterKey?> _keys = new(StringComparer.Ordinal);

    /// <summary>Null where no key of this release has that text.</summary>
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
