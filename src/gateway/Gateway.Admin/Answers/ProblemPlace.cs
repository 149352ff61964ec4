namespace Gateway.Admin.Answers;

/// <summary>One thing that is wrong with a document, and where.</summary>
internal sealed record ProblemPlace(
    string Severity, string Pointer, string Message, int? Line = null, int? Column = null, string? File = null,
    string? Code = null);
