namespace Gateway.Admin.Answers;

/// <summary>A problem in a document, with its position.</summary>
internal sealed record ProblemPlace(
    string Severity, string Pointer, string Message, int? Line = null, int? Column = null, string? File = null,
    string? Code = null);
