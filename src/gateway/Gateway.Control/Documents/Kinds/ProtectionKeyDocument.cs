namespace Gateway.Control.Documents.Kinds;

/// <summary>One key of ASP.NET Core Data Protection, as its own XML.</summary>
public sealed record ProtectionKeyDocument(string Xml);
