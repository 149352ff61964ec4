using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gateway.EnvoyRls.Rules;

/// <summary>The members of one mapping; a value of the wrong type is noted with its line.</summary>
internal sealed class YamlMembers
{
    private readonly Dictionary<string, YamlNode> _members = new(StringComparer.Ordinal);
    private readonly RuleNotes _notes;

    /// <summary>Reads a mapping; notes a node that is not a mapping, and every unknown name.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="what">The kind of mapping, for messages.</param>
    /// <param name="known">The valid names.</param>
    /// <param name="elsewhere">Names that are valid in another mapping but have no effect in this one.</param>
    /// <param name="notes">Receives the problems.</param>
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
                notes.Wrong(key.Start.Line, $"{what} has a name that is not text");
            else if (known.Contains(name))
                _members[name] = value;
            else if (elsewhere.Contains(name))
                notes.Odd(key.Start.Line, $"\"{name}\" has no effect in {what} and is ignored");
            else
                notes.Wrong(key.Start.Line, $"{what} has no member \"{name}\"; its members are "
                    + $"{string.Join(", ", known)}");
        }
    }

    public long Line { get; }

    public YamlNode? Find(string name) =>
        _members.TryGetValue(name, out var node) && !IsNull(node) ? node : null;

    public long LineOf(string name) => _members.TryGetValue(name, out var node) ? node.Start.Line : Line;

    /// <summary>Returns the text of a member; empty if it is absent.</summary>
    public string Text(string name)
    {
        if (Find(name) is not { } node)
            return "";
        if (node is YamlScalarNode { Value: { } text })
            return text;
        _notes.Wrong(node.Start.Line, $"\"{name}\" must be text");
        return "";
    }

    /// <summary>Returns the value of a Boolean member; false if it is absent.</summary>
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

    /// <summary>Returns the value of a numeric member; 0 if it is absent.</summary>
    public uint Count(string name)
    {
        if (Find(name) is not { } node)
            return 0;
        if (uint.TryParse(
            (node as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return count;
        }

        _notes.Wrong(node.Start.Line, $"\"{name}\" must be a whole number from 0 to {uint.MaxValue}");
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
