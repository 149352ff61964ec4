using System.Globalization;
using System.Text;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// The place of a text in a definition. Its JSON Pointer is only built for a finding: building one for each of many
/// texts below long names would take time and memory quadratic in the size of the definition.
/// </summary>
internal sealed class DefinitionPlace
{
    private readonly DefinitionPlace? _parent;
    private readonly string? _name;
    private readonly int _index;

    private DefinitionPlace(DefinitionPlace? parent, string? name, int index) =>
        (_parent, _name, _index) = (parent, name, index);

    /// <summary>The place of the whole definition.</summary>
    public static DefinitionPlace Root { get; } = new(null, null, 0);

    /// <summary>The name of the member at this place; null for an item.</summary>
    public string? Name => _name;

    /// <summary>Returns the place of a member below this place.</summary>
    public DefinitionPlace Member(string name) => new(this, name, 0);

    /// <summary>Returns the place of an item below this place.</summary>
    public DefinitionPlace Item(int index) => new(this, null, index);

    /// <summary>Returns the JSON Pointer.</summary>
    public override string ToString()
    {
        var parts = new Stack<string>();
        for (var place = this; place._parent is { } parent; place = parent)
            parts.Push(place._name is { } name ? Escaped(name) : place._index.ToString(CultureInfo.InvariantCulture));
        var pointer = new StringBuilder();
        foreach (var part in parts)
            pointer.Append('/').Append(part);
        return pointer.ToString();
    }

    /// <summary>Returns a member's name as a part of a JSON Pointer.</summary>
    public static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>Returns the plain form of a full-width letter; any other character unchanged.</summary>
    public static char Narrow(char c) => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;
}
