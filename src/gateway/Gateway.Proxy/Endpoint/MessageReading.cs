using Gateway.Control.Memory;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Reading;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Edge.Proofs;
using Gateway.Proxy.Refusals;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>A reader of agents' messages within the bounds and the memory limit of its grant.</summary>
internal sealed class MessageReading(MemoryBudget memory, SnapshotHolder snapshots)
{
    // Enough for nearly all calls; of a longer one, the record lacks the name.
    // As much as is parsed without a reservation.
    private const int RefusedBytesMax = 64 * 1024;

    /// <summary>Reads the body and reserves its memory; returns null after writing a refusal.</summary>
    public async ValueTask<BodyRead?> ReadBodyAsync(HttpContext http, GrantModel grant, string server)
    {
        if (HeaderRules.CheckHead(http.Request.Headers) is { } unreadable)
        {
            await PlainResponse.FaultAsync(http, unreadable);
            return null;
        }

        var body = await BudgetedBody.ReadAsync(
            http.Request, McpReadBounds.Default.BodyBytesMax, memory, grant.State.Memory, http.RequestAborted);
        if (body.End == BodyEnd.Whole)
        {
            // The proof of the request may be for these bytes alone.
            if (http.Features.Get<BodyDigest>() is not { Digest: var digest }
                || digest == KeyProof.DigestOf(body.Body.Span))
            {
                return body;
            }

            GiveBack(grant, body);
            await AgentAccess.RefuseProofAsync(http, snapshots.Current, server, new ProofRefusal(
                "invalid_dpop_proof", "the proof is for another body (content_digest)"));
            return null;
        }

        if (body.End == BodyEnd.NoMemory)
            await NoMemory.WriteAsync(http, default);
        else
        {
            await PlainResponse.FaultAsync(http, new McpFault(StatusCodes.Status413PayloadTooLarge,
                McpErrorCodes.InvalidRequest,
                $"The message is longer than {McpReadBounds.Default.BodyBytesMax} bytes, the most that the gateway "
                + "reads.",
                default));
        }

        return null;
    }

    /// <summary>
    /// Reads the body of a request that is refused anyway; it is empty if it is long or there is no memory.
    /// </summary>
    public async ValueTask<BodyRead> ReadRefusedAsync(HttpContext http, GrantModel grant) =>
        HttpMethods.IsPost(http.Request.Method)
            ? await BudgetedBody.ReadAsync(
                http.Request, RefusedBytesMax, memory, grant.State.Memory, http.RequestAborted)
            : new BodyRead(default, 0, BodyEnd.Whole);

    /// <summary>Returns the memory of a body.</summary>
    public void GiveBack(GrantModel grant, BodyRead body) => memory.GiveBack(grant.State.Memory, body.Held);

    /// <summary>Parses the message or returns its fault; returns null if there is no memory to parse it.</summary>
    /// <remarks>
    /// A large message takes several times its size when parsed. Small messages are parsed without a reservation.
    /// </remarks>
    public async ValueTask<McpReadResult?> ReadAsync(
        GrantModel grant, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var bytes = McpReader.ReadingBytes(body.Span);
        if (bytes == 0)
            return McpReader.Read(body, McpReadBounds.Default);
        if (!await memory.TakeAsync(grant.State.Memory, bytes, MemoryUse.Evaluation, cancellationToken))
            return null;
        try
        {
            return McpReader.Read(body, McpReadBounds.Default);
        }
        finally
        {
            memory.GiveBack(grant.State.Memory, bytes);
        }
    }

    /// <summary>Parses the message; returns null after writing a refusal.</summary>
    /// <param name="http">The agent's request.</param>
    /// <param name="grant">The grant whose memory is used.</param>
    /// <param name="body">The bytes to parse.</param>
    /// <param name="id">The id of the agent's message, if already known.</param>
    public async ValueTask<McpMessage?> ReadOrRefuseAsync(
        HttpContext http, GrantModel grant, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> id = default)
    {
        if (await ReadAsync(grant, body, http.RequestAborted) is not { } read)
            await NoMemory.WriteAsync(http, id);
        else if (read.Message is { } message)
            return message;
        else
            await PlainResponse.FaultAsync(http, read.Fault!);
        return null;
    }
}
