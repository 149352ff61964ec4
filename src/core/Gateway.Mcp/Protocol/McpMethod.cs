using System.Text;

namespace Gateway.Mcp.Protocol;

/// <summary>A method that an agent may send.</summary>
/// <param name="name">The name on the wire.</param>
/// <param name="revision">The only shape of the protocol that has it; null if both do.</param>
/// <param name="policedBy">The part of the message that a policy evaluates.</param>
/// <param name="isSentByServersToo">Whether servers send it too.</param>
public sealed class McpMethod(
    string name, McpRevision? revision, McpPolicing policedBy, bool isSentByServersToo = false)
{
    /// <summary>The canonical string instance of the name.</summary>
    public string Name { get; } = name;

    /// <summary>The only shape of the protocol that has it; null if both do.</summary>
    public McpRevision? Revision { get; } = revision;

    /// <summary>The part of the message that a policy evaluates.</summary>
    public McpPolicing PolicedBy { get; } = policedBy;

    /// <summary>True if servers send it too.</summary>
    public bool IsSentByServersToo { get; } = isSentByServersToo;

    internal byte[] Utf8 { get; } = Encoding.ASCII.GetBytes(name);
}
