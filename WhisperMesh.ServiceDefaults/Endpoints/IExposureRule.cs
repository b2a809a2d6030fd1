namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>Something more that a service needs before it may listen beyond loopback.</summary>
public interface IExposureRule
{
    /// <summary>The setting and what it must be, one sentence; null where it is so.</summary>
    string? WhatIsMissing { get; }
}
