using System.Buffers;
using Gateway.Policy.Results;

namespace Gateway.Proxy.Results;

/// <summary>A writer that notifies the client that a response was denied.</summary>
internal interface IDenialWriter
{
    /// <summary>True if the denial is the response to the call, so that nothing may follow it.</summary>
    bool EndsAnswer { get; }

    /// <summary>Writes one JSON-RPC message, or nothing.</summary>
    void Write(ResultDenial denial, ReadOnlyMemory<byte> message, IBufferWriter<byte> output);
}
