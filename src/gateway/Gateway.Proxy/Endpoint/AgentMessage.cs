using System.Collections.Immutable;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Calls;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// A message, with the address to which an agent sent it. Each rewrite replaces <see cref="Message"/>.
/// </summary>
internal readonly record struct AgentMessage(
    HttpContext Http, GrantModel Grant, McpMessage Message, McpRevision Revision, AgentAddress Address);

/// <summary>The address of one server, or the address of all servers of a grant.</summary>
/// <param name="Server">The server; null for the address of all.</param>
/// <param name="All">The servers of the grant at the address of all.</param>
/// <param name="NameOf">Returns the name of a server's tool at the address; null if tools keep their names.</param>
internal readonly record struct AgentAddress(
    string? Server, ImmutableArray<string> All, Func<string, string, string>? NameOf)
{
    public IReadOnlyList<string> Servers => Server is null ? All : [Server];
}

/// <summary>A message without the state of an approval, which <paramref name="Retry"/> has.</summary>
internal readonly record struct UnsealedMessage(AgentMessage Agent, ApprovalRetry? Retry);

/// <summary>A message that calls its tool directly, not through <c>call_tool</c>.</summary>
internal readonly record struct DirectMessage(AgentMessage Agent, ApprovalRetry? Retry);

/// <summary>A message to one server, with the names that this server has at its own address.</summary>
internal readonly record struct NamedMessage(AgentMessage Agent, ApprovalRetry? Retry, ServerModel Server);

/// <summary>
/// A message to one server, with no extension that the policy does not pass, and with the server's own ids of tasks.
/// </summary>
internal readonly record struct NegotiatedMessage(
    AgentMessage Agent, ApprovalRetry? Retry, ServerModel Server, CallTasks? Tasks);

/// <summary>A message with exactly the bytes that are evaluated and sent.</summary>
/// <param name="Message">The message.</param>
/// <param name="Retry">The state of an approval that its retry brought back.</param>
/// <param name="Virtual">The call that the agent made, if the message was rebuilt from it.</param>
/// <param name="Tasks">The tasks that the message names.</param>
internal readonly record struct RewrittenMessage(
    McpMessage Message, ApprovalRetry? Retry, VirtualCall? Virtual, CallTasks? Tasks = null);
