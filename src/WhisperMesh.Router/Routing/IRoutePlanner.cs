using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Routing;

/// <summary>Says by which route a request goes.</summary>
internal interface IRoutePlanner
{
    /// <param name="origin">Where it came from.</param>
    /// <param name="requirements">What it needs.</param>
    /// <param name="requestClass">The class that it asks for.</param>
    /// <exception cref="ServiceDefaults.Errors.MeshException">The routes refuse it.</exception>
    RoutePlan Plan(RequestOrigin origin, WorkerRequirements requirements, RequestClass requestClass);

    /// <summary>A plan with the pools of all routes, for a request of which not all is known yet: what it can't serve, none can.</summary>
    RoutePlan Widest(RequestOrigin origin, WorkerRequirements known);

    /// <summary>The model's id where the name is an alias that the configuration knows; else the name as it is.</summary>
    string ResolveModel(string name);
}
