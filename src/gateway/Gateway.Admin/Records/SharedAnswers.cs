using Gateway.Admin.Answers;
using Gateway.Audit.Reading;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Records;

/// <summary>Responses for the case that the records of all gateways are unavailable.</summary>
internal static class SharedAnswers
{
    /// <summary>Returns the reason why a request with this <c>of</c> is refused; null if it is not.</summary>
    public static AdminResponse? Refusal(string? of, ISharedRecords? shared) => of switch
    {
        null or "" => null,
        "shared" when shared is not null => null,
        "shared" => Problems.Of(
            StatusCodes.Status409Conflict, "No shared records",
            "This gateway does not ship its records to a table: --audit-sinks has no sink of kind \"postgres\". Omit "
            + "\"of\" (--shared), and read the records of each gateway instead."),
        _ => Problems.Unreadable("\"of\" must be \"shared\" or omitted."),
    };

    /// <summary>The response to a condition on values, which only the gateway of a call has.</summary>
    public static AdminResponse NoValues =>
        Problems.Unreadable("\"where\" needs the argument values that each gateway keeps for itself. Omit \"of\".");

    /// <summary>Returns the response for an unavailable sink.</summary>
    public static AdminResponse Lost(ISharedRecords shared, IOException why) => Problems.Of(
        StatusCodes.Status503ServiceUnavailable, "Shared records unavailable",
        $"The sink {shared.Name} does not respond: {why.Message} Try again later, or read the records of each gateway "
            + "instead.");
}
