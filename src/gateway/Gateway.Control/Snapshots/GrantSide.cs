using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Control.Snapshots;

/// <summary>The bindings of a grant for a share of its sessions, in which some candidates decide.</summary>
/// <param name="Percent">The sessions of all buckets below this have them, unless a smaller share has them.</param>
/// <param name="Bindings">The bindings by server.</param>
public sealed record GrantSide(int Percent, FrozenDictionary<string, GrantBinding> Bindings)
{
    /// <summary>The number of buckets of sessions, and the share of all of them. 100.</summary>
    public const int All = 100;

    /// <summary>Returns the bindings of a session or caller; null if there are no sides.</summary>
    public static FrozenDictionary<string, GrantBinding>? Of(ImmutableArray<GrantSide> sides, string key)
    {
        if (sides.IsEmpty)
            return null;
        var bucket = Bucket(key);
        return sides.First(side => bucket < side.Percent).Bindings;
    }

    /// <summary>
    /// Returns the bucket of a session or caller: the same at every frontend and after every restart, so that a growing
    /// share keeps its sessions.
    /// </summary>
    public static int Bucket(string key) =>
        (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key))) % All);
}
