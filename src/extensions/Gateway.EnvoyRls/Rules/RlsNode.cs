using System.Diagnostics.CodeAnalysis;
using Gateway.EnvoyRls.Protocol;

namespace Gateway.EnvoyRls.Rules;

/// <summary>A descriptor of the rules, or a domain: what may come next in a request's descriptor.</summary>
internal sealed class RlsNode
{
    private readonly Dictionary<(string Key, string Value), RlsNode> _exact = [];
    private readonly Dictionary<string, RlsNode> _any = new(StringComparer.Ordinal);
    private readonly List<RlsNode> _patterns = [];

    /// <summary>Of a domain, empty.</summary>
    public string Key { get; init; } = "";

    /// <summary>Empty where any value matches.</summary>
    public string Value { get; init; } = "";

    public RlsLimit? Limit { get; init; }

    /// <summary>Whether all values that match share one counter.</summary>
    public bool SharesThreshold { get; init; }

    /// <summary>Whether metrics tell all values of the whole descriptor apart.</summary>
    public bool HasDetailedMetric { get; init; }

    /// <summary>Whether metrics tell its own values apart.</summary>
    public bool HasValueInMetric { get; init; }

    /// <summary>Key and value, as metrics and messages name it.</summary>
    public string Name => Value.Length == 0 ? Key : $"{Key}_{Value}";

    /// <summary>Whether its value has a <c>*</c>.</summary>
    public bool IsPattern => Value.Contains('*');

    /// <summary>False where there is one of this key and value.</summary>
    public bool TryAdd(RlsNode node)
    {
        if (node.Value.Length == 0)
            return _any.TryAdd(node.Key, node);
        if (!_exact.TryAdd((node.Key, node.Value), node))
            return false;
        if (node.IsPattern)
            _patterns.Add(node);
        return true;
    }

    /// <summary>Its value first, then a pattern, in the order of the file, then any value.</summary>
    public bool TryFind(RateLimitDescriptor.Types.Entry entry, [NotNullWhen(true)] out RlsNode? node)
    {
        if (entry.Value.Length > 0 && _exact.TryGetValue((entry.Key, entry.Value), out node))
            return true;
        foreach (var pattern in _patterns)
        {
            if (pattern.Key != entry.Key || !pattern.Matches(entry.Value))
                continue;
            node = pattern;
            return true;
        }

        return _any.TryGetValue(entry.Key, out node);
    }

    /// <summary>Each <c>*</c> is any text, none too; what stands between is found from left to right.</summary>
    private bool Matches(ReadOnlySpan<char> value)
    {
        var pattern = Value.AsSpan();
        var (first, last) = (pattern.IndexOf('*'), pattern.LastIndexOf('*'));
        var end = pattern[(last + 1)..];
        if (value.Length < first + end.Length || !value.StartsWith(pattern[..first], StringComparison.Ordinal)
            || !value.EndsWith(end, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = value[first..^end.Length];
        var middle = pattern[first..(last + 1)];
        foreach (var part in middle.Split('*'))
        {
            var wanted = middle[part];
            var at = rest.IndexOf(wanted, StringComparison.Ordinal);
            if (at < 0)
                return false;
            rest = rest[(at + wanted.Length)..];
        }

        return true;
    }
}
