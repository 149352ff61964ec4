namespace Gateway.Proxy.Control.Documents;

/// <summary>One key of ASP.NET Core Data Protection, as its own XML.</summary>
internal sealed record ProtectionKeyDocument(string Xml);
