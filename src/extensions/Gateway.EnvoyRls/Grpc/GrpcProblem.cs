namespace Gateway.EnvoyRls.Grpc;

/// <summary>Why a call has no answer.</summary>
/// <param name="Status">The code.</param>
/// <param name="Message">The same in words, for who operates the caller.</param>
internal sealed record GrpcProblem(GrpcStatus Status, string Message)
{
    public static GrpcProblem Invalid(string message) => new(GrpcStatus.InvalidArgument, message);
}
