using Microsoft.AspNetCore.Http;

namespace Gateway.Acquire.Messages;

/// <summary>The reason for not deciding a request, as problem details (RFC 9457).</summary>
internal sealed record AcquireProblem
{
    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    /// <summary>Seconds to wait, if waiting may help.</summary>
    public int? RetryAfter { get; init; }

    public static AcquireProblem Of(int status, string title, string detail, int? retryAfter = null) =>
        new() { Status = status, Title = title, Detail = detail, RetryAfter = retryAfter };

    public static AcquireProblem Invalid(string detail) =>
        Of(StatusCodes.Status422UnprocessableEntity, "Not valid", detail);

    public static AcquireProblem Unavailable(string detail) =>
        Of(StatusCodes.Status503ServiceUnavailable, "No decision", detail, 1);
}
