using System.Diagnostics.CodeAnalysis;
using Gateway.EnvoyRls.Protocol;

namespace Gateway.EnvoyRls.Rules;

/// <summary>
/// A descriptor of the rules or a domain, with the entries that may come next in a request's descriptor.
/// </summary>
internal sealed class RlsNode
{
    private readonly Dictionary<(string Key, string Value), RlsNode> _exact = [];
    private readonly Dictionary<string, RlsNode> _any = new(StringComparer.Ordinal);
    private readonly List<RlsNode> _patterns = [];

    /// <summary>The entry's key; empty for a domain.</summary>
    public string Key { get; init; } = "";

    /// <summary>The entry's value; empty if any value matches.</summary>
    public string Value { get; init; } = "";

    public RlsLimit? Limit { get; init; }

    /// <summary>True if all matching values share one counter.</summary>
    public bool SharesThreshold { get; init; }

    /// <summary>True if metrics distinguish all values of the whole descriptor.</summary>
    public bool HasDetailedMetric { get; init; }

    /// <summary>True if metrics distinguish this entry's values.</summary>
    public bool HasValueInMetric { get; init; }

    /// <summary>The key and value, as in metrics and messages.</summary>
    public string Name => Value.Length == 0 ? Key : $"{Key}_{Value}";

    /// <summary>True if the value contains a <c>*</c>.</summary>
    public bool IsPattern => Value.Contains('*');

    /// <summary>Adds a child; returns false if one with this key and value exists.</summary>
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

    /// <summary>
    /// Finds the child for an entry: by exact value first, then by pattern in the order of the file, then for any
    /// value.
    /// </summary>
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

    /// <summary>
    /// Matches the pattern: each <c>*</c> stands for any text, even an empty one; the parts between are matched from
    /// left to right.
    /// </summary>
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
