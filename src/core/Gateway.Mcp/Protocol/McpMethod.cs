using System.Text;

namespace Gateway.Mcp.Protocol;

/// <summary>A method that an agent may send.</summary>
/// <param name="name">As it stands on the wire.</param>
/// <param name="revision">The one shape of the protocol that has it; null where both do.</param>
/// <param name="policedBy">What of it a policy judges.</param>
/// <param name="isSentByServersToo">Whether it goes the other way too.</param>
public sealed class McpMethod(
    string name, McpRevision? revision, McpPolicing policedBy, bool isSentByServersToo = false)
{
    /// <summary>The one string that stands for it.</summary>
    public string Name { get; } = name;

    /// <summary>The one shape of the protocol that has it; null where both do.</summary>
    public McpRevision? Revision { get; } = revision;

    /// <summary>What of it a policy judges.</summary>
    public McpPolicing PolicedBy { get; } = policedBy;

    /// <summary>Whether it goes the other way too.</summary>
    public bool IsSentByServersToo { get; } = isSentByServersToo;

    internal byte[] Utf8 { get; } = Encoding.ASCII.GetBytes(name);
}
