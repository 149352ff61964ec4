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

/// <summary>The reason for a call without a response message.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Message">The reason in words, for the operator of the caller.</param>
internal sealed record GrpcProblem(GrpcStatus Status, string Message)
{
    public static GrpcProblem Invalid(string message) => new(GrpcStatus.InvalidArgument, message);
}

/// <summary>The gRPC status codes that this service uses, with their protocol numbers.</summary>
internal enum GrpcStatus
{
    Ok = 0,
    Cancelled = 1,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
}
