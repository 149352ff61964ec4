using Google.Protobuf;

namespace Gateway.EnvoyRls.Grpc;

/// <summary>An answer, or why there is none.</summary>
internal readonly record struct GrpcResult
{
    private GrpcResult(IMessage? message, GrpcProblem? problem) => (Message, Problem) = (message, problem);

    public IMessage? Message { get; }

    public GrpcProblem? Problem { get; }

    public static implicit operator GrpcResult(GrpcProblem problem) => new(null, problem);

    public static GrpcResult Of(IMessage message) => new(message, null);
}
