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
            "This gateway ships its records to no table: --audit-sinks names no sink of kind \"postgres\". Each "
            + "gateway answers from its own files."),
        _ => Problems.Unreadable("\"of\" is shared, or absent."),
    };

    /// <summary>They give no answer now.</summary>
    public static AdminResponse Lost(ISharedRecords shared, IOException why) => Problems.Of(
        StatusCodes.Status503ServiceUnavailable, "The shared records give no answer",
        $"The sink {shared.Name} gives no answer: {why.Message} Each gateway answers from its own files.");
}
