namespace Gateway.Admin.Tools;

/// <summary>A tool that is similar to another.</summary>
/// <param name="Name">The name of the tool.</param>
/// <param name="Because">Their common property.</param>
internal sealed record RelatedToolView(string Name, string Because);
