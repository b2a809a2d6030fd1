namespace WhisperMesh.Router.Captions.Channels;

/// <summary>A name under which captions are published. The same name of another tenant is another channel.</summary>
internal readonly record struct ChannelKey(string TenantId, string Name)
{
    /// <summary>For keys of Redis; neither part has a colon.</summary>
    public override string ToString() => $"{TenantId}:{Name}";
}
