using System.Text;

namespace Gateway.Mcp.Reading;

/// <summary>The members of an object that affect a decision, numbered by their index in the table.</summary>
public sealed class MemberTable(params string[] names)
{
    private readonly byte[][] _names = [.. names.Select(Encoding.ASCII.GetBytes)];

    /// <summary>The number of members.</summary>
    public int Count => _names.Length;

    /// <summary>Returns the name of a member, by its index.</summary>
    public string NameAt(int index) => Encoding.ASCII.GetString(_names[index]);

    /// <summary>Returns the member's index, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (key.SequenceEqual(_names[i]))
                return i;
        }

        return -1;
    }

    /// <summary>Returns the index of the member that a case-insensitive reader would take the key for, or -1.</summary>
    public int FindVariant(ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (JsonText.EqualsFolded(key, _names[i]))
                return i;
        }

        return -1;
    }
}
