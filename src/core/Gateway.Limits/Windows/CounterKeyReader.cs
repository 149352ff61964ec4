using System.Globalization;
using Gateway.Limits.Model;

namespace Gateway.Limits.Windows;

/// <summary>Parses the texts of keys, as stores and calls between processes carry them.</summary>
public static class CounterKeyReader
{
    /// <summary>Parses <see cref="CounterKey.Text"/>; false for a text that no key of this version has.</summary>
    public static bool TryRead(string? text, out CounterKey? key)
    {
        key = null;
        if (text?.Split('/') is not { Length: 6 } parts) return false;
        var (scopeId, counter, scopeName, kindName) = (parts[0], parts[1], parts[2], parts[3]);
        if (scopeId.Length == 0 || counter.Length == 0) return false;
        if (!Enum.TryParse<LimitScope>(scopeName, ignoreCase: true, out var scope)) return false;
        if (WindowKind.Find(kindName) is not { } kind) return false;
        if (!Window.TryRead(Unescape(parts[4]), out var window)) return false;
        if (!int.TryParse(parts[5], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)) return false;
        var read = new CounterKey(scope, Unescape(scopeId), Unescape(counter), kind, window, generation);
        if (read.Text != text) return false;
        key = read;
        return true;
    }

    private static string Unescape(string part) =>
        part.Replace("%2F", "/", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
