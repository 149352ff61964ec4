namespace Gateway.EnvoyRls.Grpc;

/// <summary>The reason for a call without a response message.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Message">The reason in words, for the operator of the caller.</param>
internal sealed record GrpcProblem(GrpcStatus Status, string Message)
{
    public static GrpcProblem Invalid(string message) => new(GrpcStatus.InvalidArgument, message);
}
