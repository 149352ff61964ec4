using System.Text;

namespace Gateway.Mcp.Reading;

/// <summary>The members of an object that decide something; their place in the table is their number.</summary>
public sealed class MemberTable(params string[] names)
{
    private readonly byte[][] _names = [.. names.Select(Encoding.ASCII.GetBytes)];

    /// <summary>How many members there are.</summary>
    public int Count => _names.Length;

    /// <summary>The name of a member, by its number.</summary>
    public string NameAt(int index) => Encoding.ASCII.GetString(_names[index]);

    /// <summary>The member's number, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (key.SequenceEqual(_names[i]))
                return i;
        }

        return -1;
    }

    /// <summary>The number of the member that a reader which ignores case would take the key for, or -1.</summary>
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
