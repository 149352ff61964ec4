namespace Gateway.Admin.Tools;

/// <summary>A tool that is like another.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Because">What they share.</param>
internal sealed record RelatedToolView(string Name, string Because);
