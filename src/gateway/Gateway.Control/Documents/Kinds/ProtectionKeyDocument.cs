namespace Gateway.Control.Documents.Kinds;

/// <summary>A key of ASP.NET Core Data Protection, in its XML.</summary>
public sealed record ProtectionKeyDocument(string Xml);
