using System.Buffers;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Extensions;

/// <summary>Two rewriters of the same message, one after the other.</summary>
internal sealed class RewriterPair(IMessageRewriter first, IMessageRewriter second) : IMessageRewriter
{
    /// <summary>Returns one rewriter for both; null if both are null.</summary>
    public static IMessageRewriter? Of(IMessageRewriter? first, IMessageRewriter? second) =>
        first is null ? second : second is null ? first : new RewriterPair(first, second);

    /// <inheritdoc/>
    public bool IsRequired => first.IsRequired || second.IsRequired;

    /// <inheritdoc/>
    public long BytesFor(ReadOnlySpan<byte> message) => first.BytesFor(message) + second.BytesFor(message);

    /// <inheritdoc/>
    public bool TryRewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        using var changed = new PooledBuffer();
        if (!first.TryRewrite(message, changed))
            return second.TryRewrite(message, output);
        if (changed.Length > 0 && !second.TryRewrite(changed.Written.Span, output))
            output.Write(changed.Written.Span);
        return true;
    }
}
