using Gateway.Admin.Answers;
using Gateway.Audit.Reading;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Records;

/// <summary>What is said where the records of all gateways cannot be had.</summary>
internal static class SharedAnswers
{
    /// <summary>Why whoever asks by this <c>of</c> is not answered; null where they are.</summary>
    public static AdminResponse? Refusal(string? of, ISharedRecords? shared) => of switch
    {
        null or "" => null,
        "shared" when shared is not null => null,
        "shared" => Problems.Of(
            StatusCodes.Status409Conflict, "No shared records",
            "This gateway does not ship its records to a table: --audit-sinks has no sink of kind \"postgres\". Each "
            + "gateway can read its own files."),
        _ => Problems.Unreadable("\"of\" must be \"shared\" or omitted."),
    };

    /// <summary>They give no answer now.</summary>
    public static AdminResponse Lost(ISharedRecords shared, IOException why) => Problems.Of(
        StatusCodes.Status503ServiceUnavailable, "Shared records unavailable",
        $"The sink {shared.Name} does not respond: {why.Message} Each gateway can read its own files.");
}
