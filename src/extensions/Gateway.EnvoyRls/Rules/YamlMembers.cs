using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gateway.EnvoyRls.Rules;

/// <summary>The members of one mapping; whatever is of another type than it must be is noted at its line.</summary>
internal sealed class YamlMembers
{
    private readonly Dictionary<string, YamlNode> _members = new(StringComparer.Ordinal);
    private readonly RuleNotes _notes;

    /// <summary>Notes what is no mapping, and every name that is none of these.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="what">What it is, for a message.</param>
    /// <param name="known">Its names.</param>
    /// <param name="elsewhere">Names that have a meaning in another mapping, and here none.</param>
    /// <param name="notes">Where what is wrong goes.</param>
    public YamlMembers(YamlNode node, string what, string[] known, string[] elsewhere, RuleNotes notes)
    {
        (Line, _notes) = (node.Start.Line, notes);
        if (node is not YamlMappingNode map)
        {
            notes.Wrong(Line, $"{what} must be a mapping");
            return;
        }

        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { } name })
                notes.Wrong(key.Start.Line, $"in {what} a name is no text");
            else if (known.Contains(name))
                _members[name] = value;
            else if (elsewhere.Contains(name))
                notes.Odd(key.Start.Line, $"\"{name}\" means nothing in {what}, and is passed over");
            else
                notes.Wrong(key.Start.Line, $"{what} has no \"{name}\"; it has {string.Join(", ", known)}");
        }
    }

    public long Line { get; }

    public YamlNode? Find(string name) =>
        _members.TryGetValue(name, out var node) && !IsNull(node) ? node : null;

    public long LineOf(string name) => _members.TryGetValue(name, out var node) ? node.Start.Line : Line;

    /// <summary>Empty where it is not there.</summary>
    public string Text(string name)
    {
        if (Find(name) is not { } node)
            return "";
        if (node is YamlScalarNode { Value: { } text })
            return text;
        _notes.Wrong(node.Start.Line, $"\"{name}\" must be text");
        return "";
    }

    /// <summary>False where it is not there.</summary>
    public bool Flag(string name)
    {
        if (Find(name) is not { } node)
            return false;
        switch ((node as YamlScalarNode)?.Value?.ToUpperInvariant())
        {
            case "TRUE" or "YES" or "ON" or "Y":
                return true;
            case "FALSE" or "NO" or "OFF" or "N":
                return false;
            default:
                _notes.Wrong(node.Start.Line, $"\"{name}\" must be true or false");
                return false;
        }
    }

    /// <summary>0 where it is not there.</summary>
    public uint Count(string name)
    {
        if (Find(name) is not { } node)
            return 0;
        if (uint.TryParse(
            (node as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return count;
        }

        _notes.Wrong(node.Start.Line, $"\"{name}\" must be a whole number of 0 to {uint.MaxValue}");
        return 0;
    }

    public IEnumerable<YamlNode> Items(string name)
    {
        if (Find(name) is not { } node)
            return [];
        if (node is YamlSequenceNode list)
            return list.Children;
        _notes.Wrong(node.Start.Line, $"\"{name}\" must be a list");
        return [];
    }

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };
}
