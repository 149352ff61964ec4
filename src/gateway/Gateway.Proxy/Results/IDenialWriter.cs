using System.Buffers;
using Gateway.Policy.Results;

namespace Gateway.Proxy.Results;

/// <summary>Tells the client that an answer was denied.</summary>
internal interface IDenialWriter
{
    /// <summary>Whether it answers the call, so that nothing may follow it.</summary>
    bool EndsAnswer { get; }

    /// <summary>Writes one JSON-RPC message, or nothing.</summary>
    void Write(ResultDenial denial, ReadOnlyMemory<byte> message, IBufferWriter<byte> output);
}
