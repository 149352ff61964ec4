using Google.Protobuf;

namespace Gateway.EnvoyRls.Grpc;

/// <summary>A response message, or the problem that prevented it.</summary>
internal readonly record struct GrpcResult
{
    private GrpcResult(IMessage? message, GrpcProblem? problem) => (Message, Problem) = (message, problem);

    public IMessage? Message { get; }

    public GrpcProblem? Problem { get; }

    public static implicit operator GrpcResult(GrpcProblem problem) => new(null, problem);

    public static GrpcResult Of(IMessage message) => new(message, null);
}
