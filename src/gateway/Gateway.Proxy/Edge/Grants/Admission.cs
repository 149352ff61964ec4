using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Grants;

/// <summary>The grant of a request, or the reason why it has none.</summary>
/// <param name="Grant">The grant; null if the request is refused.</param>
/// <param name="Why">The reason for the refusal.</param>
/// <param name="Status">The HTTP status of the refusal.</param>
internal readonly record struct Admission(
    GrantModel? Grant, string Why, int Status = StatusCodes.Status401Unauthorized);
